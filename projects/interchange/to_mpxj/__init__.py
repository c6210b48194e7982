"""From the neutral document to the objects of MPXJ (Java, through JPype). Runs in the child process only."""
