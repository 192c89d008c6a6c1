/**
 * The {@code maestro} command: signs and verifies adapters on this machine, and speaks to a server over its REST API.
 *
 * <p>Each group of commands is a class, each command a method that returns its exit code. Everything outside the process
 * (streams, environment, home folder) comes through {@link io.maestro.cli.Terminal}, so that tests run whole commands.
 */
@NullMarked
package io.maestro.cli;

import org.jspecify.annotations.NullMarked;
