package io.maestro.adapters;

import io.maestro.api.adapters.Plan.Undo;
import io.maestro.model.AdapterVersion;
import io.maestro.model.Json;

/** Acts as somebody would type them. */
final class Commands {
    private Commands() {}

    static Undo delete(InstanceKey key) {
        return new Undo("instance.delete", "maestro instance delete" + of(key));
    }

    static Undo start(InstanceKey key) {
        return new Undo("instance.start", "maestro instance start" + of(key));
    }

    static Undo stop(InstanceKey key) {
        return new Undo("instance.stop", "maestro instance stop" + of(key));
    }

    /** Gives the instance this configuration; references stand in it in place of secrets. */
    static Undo configure(InstanceKey key, Json configuration) {
        return new Undo(
                "instance.configure",
                "printf %s '" + configuration.text().replace("'", "'\\''") + "' | maestro instance configure" + of(key)
                        + " --config -");
    }

    static Undo rollback(InstanceKey key, AdapterVersion version) {
        return new Undo("instance.rollback", "maestro instance rollback" + of(key) + " --to " + version);
    }

    static Undo upgrade(InstanceKey key, AdapterVersion version) {
        return new Undo("instance.upgrade", "maestro instance upgrade" + of(key) + " --to " + version);
    }

    /** To a newer version, and to this configuration rather than the present one, migrated. */
    static Undo upgrade(InstanceKey key, AdapterVersion version, Json configuration) {
        return new Undo(
                "instance.upgrade",
                "printf %s '" + configuration.text().replace("'", "'\\''") + "' | maestro instance upgrade" + of(key)
                        + " --to " + version + " --config -");
    }

    private static String of(InstanceKey key) {
        return " --tenant " + key.scope().tenant() + " --environment "
                + key.scope().environment() + " " + key.instance();
    }
}
