@NullMarked
package io.maestro.api.identity;

import org.jspecify.annotations.NullMarked;
