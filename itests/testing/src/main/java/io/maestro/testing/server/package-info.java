/**
 * The real product for tests: the distribution as it was built, started as a process of its own on a data folder and a free
 * port. Nothing here reaches into the server; what a test wants to know it asks over HTTP or finds in the data folder.
 */
@NullMarked
package io.maestro.testing.server;

import org.jspecify.annotations.NullMarked;
