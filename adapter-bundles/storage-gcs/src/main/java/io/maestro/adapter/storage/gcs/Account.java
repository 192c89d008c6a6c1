package io.maestro.adapter.storage.gcs;

/** Who the instance is: the key that counts now. Any thread. */
final class Account {
    private volatile ServiceAccountKey key;

    Account(ServiceAccountKey key) {
        this.key = key;
    }

    ServiceAccountKey key() {
        return key;
    }

    /** What begins from now on uses this key. */
    void renew(ServiceAccountKey next) {
        key = next;
    }
}
