/** Whole commands, run against a server that answers as told. */
@NullMarked
package io.maestro.cli;

import org.jspecify.annotations.NullMarked;
