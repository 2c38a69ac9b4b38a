print("oomsh")
