/** What the store offers engines. */
@NullMarked
package io.maestro.store;

import org.jspecify.annotations.NullMarked;
