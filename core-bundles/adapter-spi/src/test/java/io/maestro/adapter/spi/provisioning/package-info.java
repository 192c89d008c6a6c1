/** Tests of the rules that every directory shares. */
@NullMarked
package io.maestro.adapter.spi.provisioning;

import org.jspecify.annotations.NullMarked;
