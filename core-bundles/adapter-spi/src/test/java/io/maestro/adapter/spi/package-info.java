@NullMarked
package io.maestro.adapter.spi;

import org.jspecify.annotations.NullMarked;
