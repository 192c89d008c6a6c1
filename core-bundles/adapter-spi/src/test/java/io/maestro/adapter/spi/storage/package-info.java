/** Tests of the rules that every storage shares. */
@NullMarked
package io.maestro.adapter.spi.storage;

import org.jspecify.annotations.NullMarked;
