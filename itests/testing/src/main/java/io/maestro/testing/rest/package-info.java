/** The endpoints of the API as its description tells them, for tests that ask every one of them. */
@NullMarked
package io.maestro.testing.rest;

import org.jspecify.annotations.NullMarked;
