package io.maestro.conformance.identity;

import java.io.IOException;
import java.net.URI;

/**
 * The provider that an adapter is tried against. With the kit's own, {@link LoopbackIssuer}, all of the kit is tried; a real
 * one signs nothing but what is so, and goes on and off as it likes: then that much of the kit is left out, and reported so.
 */
public interface TriedProvider extends AutoCloseable {
    /** What an instance has to be told. */
    Registration registration();

    /** A bearer token as it gives them, for the audience that is registered. */
    String token() throws Exception;

    /** Where browsers are sent back to. */
    URI redirectUri();

    /** Goes to this address with a browser, logs somebody in, and gives the address that the browser is sent back to. */
    URI logIn(URI begin) throws Exception;

    /** Called after each test. */
    @Override
    void close() throws IOException;
}
