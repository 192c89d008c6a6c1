package io.maestro.cli;

/** Starts the {@code maestro} command. */
public final class Main {
    private Main() {}

    /** Runs one command and ends with its exit code. */
    public static void main(String[] arguments) {
        System.exit(Maestro.run(Terminal.system(), arguments));
    }
}
