from letrics.cli import main

if __name__ == "__main__":  # processes that read the log in shares import this module
    main()
