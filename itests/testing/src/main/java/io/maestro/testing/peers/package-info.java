/**
 * Real servers that adapters are tested against, each a process of its own on a port of its own, ended with the test.
 */
@NullMarked
package io.maestro.testing.peers;

import org.jspecify.annotations.NullMarked;
