/**
 * What tests of several modules share. Nothing here depends on a bundle of ours, so that every bundle can be tested with it.
 *
 * <p>The PostgreSQL server is a process of its own; it is started at first use, once per JVM, and stopped by a shutdown hook.
 */
@NullMarked
package io.maestro.testing;

import org.jspecify.annotations.NullMarked;
