@NullMarked
package io.maestro.provenance;

import org.jspecify.annotations.NullMarked;
