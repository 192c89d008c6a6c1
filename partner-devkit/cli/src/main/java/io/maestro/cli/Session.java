package io.maestro.cli;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One run of the command: the terminal and the options that every command takes. */
final class Session {
    private final Terminal terminal;
    private boolean json;
    private @Nullable String url;
    private @Nullable UUID approval;

    Session(Terminal terminal) {
        this.terminal = terminal;
    }

    Terminal terminal() {
        return terminal;
    }

    void json(boolean wanted) {
        json = wanted;
    }

    boolean json() {
        return json;
    }

    void url(@Nullable String wanted) {
        url = wanted;
    }

    void approval(@Nullable UUID id) {
        approval = id;
    }

    Output output() {
        return new Output(terminal, json);
    }

    Credentials credentials() {
        return Credentials.find(terminal, url);
    }

    /** The server of this session; close it. */
    Server server() {
        return new Server(credentials(), approval);
    }
}
