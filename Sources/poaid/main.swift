print("poaid")
