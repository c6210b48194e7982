"""The charset MacRoman for Java runtimes that lack it: Java source, its jar and how to build it."""
