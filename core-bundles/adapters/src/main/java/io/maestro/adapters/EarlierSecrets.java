package io.maestro.adapters;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.model.Json;
import java.nio.charset.StandardCharsets;

/**
 * The secrets that a release before secrets had names sealed in the rows of instances; each row's are taken out once and for
 * good, by whoever needs its configuration first. Blocks on the rows; any thread.
 */
final class EarlierSecrets {
    private final JooqInstances instances;
    private final SealedSecrets sealed;

    EarlierSecrets(JooqInstances instances, SealedSecrets sealed) {
        this.instances = instances;
        this.sealed = sealed;
    }

    /** The row with references to all of its secrets; the same one when they were handed over before. */
    InstanceRow handedOver(InstanceRow row, Json schema) {
        byte[] old = row.secrets();
        if (old == null) {
            return row;
        }
        ObjectNode configuration =
                (ObjectNode) Documents.tree(row.configuration().text());
        SecretProperties.put(configuration, (ObjectNode)
                Documents.tree(new String(sealed.open(row.key(), old), StandardCharsets.UTF_8)));
        return instances.handOver(
                row, ConfigurationSecrets.kept(row.key(), Documents.tree(schema.text()), configuration));
    }
}
