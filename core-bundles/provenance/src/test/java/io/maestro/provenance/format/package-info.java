@NullMarked
package io.maestro.provenance.format;

import org.jspecify.annotations.NullMarked;
