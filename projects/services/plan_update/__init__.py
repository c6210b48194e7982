"""
A plan brought up to date from a file: matched, worked out, shown, written.

``working_out`` compares a file with a plan and changes nothing; ``writing`` stores exactly what was worked
out; ``report`` puts it into plain data for the preview. Page, API and command go through the same three.
"""
