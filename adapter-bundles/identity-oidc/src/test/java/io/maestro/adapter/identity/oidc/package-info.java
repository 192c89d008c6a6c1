/** Tests of the adapter {@code identity-oidc}: against an issuer within the test, and against real providers. */
@NullMarked
package io.maestro.adapter.identity.oidc;

import org.jspecify.annotations.NullMarked;
