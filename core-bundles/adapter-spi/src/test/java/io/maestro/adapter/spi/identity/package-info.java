/** Tests of the rules that every identity provider shares. */
@NullMarked
package io.maestro.adapter.spi.identity;

import org.jspecify.annotations.NullMarked;
