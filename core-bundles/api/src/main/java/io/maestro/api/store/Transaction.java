package io.maestro.api.store;

import org.osgi.annotation.versioning.ProviderType;

/**
 * A transaction of the database that is under way. One engine hands it to another whose rows have to change together with
 * its own; only the store knows what is in it. Good for as long as the call to which it is handed.
 */
@ProviderType
public interface Transaction {}
