package io.maestro.cli;

/** Exit codes; documented in {@code docs/reference/cli.md} and never changed. */
final class Exit {
    static final int OK = 0;
    static final int REFUSED = 1;
    static final int USAGE = 2;
    static final int UNREACHABLE = 3;
    static final int DENIED = 4;
    static final int ARTIFACT = 5;

    private Exit() {}
}
