package io.maestro.adapters.context;

import java.net.http.HttpClient;
import java.util.function.Supplier;

/**
 * What all instances of the node share to talk to the outside.
 *
 * @param client the node's one client
 * @param destinations where nobody may go
 */
public record Network(Supplier<HttpClient> client, Destinations destinations) {}
