from letrics.cli import main

main()
