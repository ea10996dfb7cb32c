"""Cases: something that a person must deal with, with its states, tasks, clocks and history."""
