"""From the objects of MPXJ (Java, through JPype) to the neutral document. Runs in the child process only."""
