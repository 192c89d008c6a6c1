package io.maestro.adapter.storage.azure;

import io.maestro.testing.bundle.AdapterBundleContract;

final class StorageAzureBundleTest extends AdapterBundleContract {}
