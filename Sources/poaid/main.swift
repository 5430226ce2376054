import PoAICommands

Program.main()
