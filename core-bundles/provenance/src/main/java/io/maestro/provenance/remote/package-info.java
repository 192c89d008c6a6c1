/**
 * The signer apart from the server, over gRPC. Nothing of this package and of gRPC is loaded unless a signer is set up.
 * gRPC owns a few threads while a connection is open.
 */
@NullMarked
package io.maestro.provenance.remote;

import org.jspecify.annotations.NullMarked;
