package io.maestro.adapters;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.api.adapters.Instances.Wanted;
import io.maestro.model.DefinitionId;
import io.maestro.model.Digest;
import io.maestro.model.InstanceId;
import io.maestro.model.Json;
import io.maestro.model.Scope;
import io.maestro.model.TypeName;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FingerprintsTest {
    private static final InstanceKey KEY = new InstanceKey(Scope.of("acme", "prod"), new InstanceId("main"));
    private static final Digest ARTIFACT = new Digest("a".repeat(64));
    private static final String CONFIGURATION = "{\"issuer\": \"https://id.example\"}";
    private static final String LINEAGE = "shared 1 2026-01-01T00:00:00Z";

    @Test
    void differsWithEachThingThatMakesAnInstanceWhatItIs() {
        List<Digest> all = List.of(
                of(KEY, 1, ARTIFACT, CONFIGURATION, LINEAGE),
                of(key("globex", "prod", "main"), 1, ARTIFACT, CONFIGURATION, LINEAGE),
                of(key("acme", "dev", "main"), 1, ARTIFACT, CONFIGURATION, LINEAGE),
                of(key("acme", "prod", "other"), 1, ARTIFACT, CONFIGURATION, LINEAGE),
                of(KEY, 2, ARTIFACT, CONFIGURATION, LINEAGE),
                of(KEY, 1, new Digest("b".repeat(64)), CONFIGURATION, LINEAGE),
                of(KEY, 1, ARTIFACT, "{\"issuer\": \"https://evil.example\"}", LINEAGE),
                of(KEY, 1, ARTIFACT, CONFIGURATION, "shared 2 2026-01-01T00:00:00Z"));
        Set<Digest> different = new HashSet<>(all);
        assertThat(different).hasSameSizeAs(all);
    }

    @Test
    void isTheSameWhateverElseIsDoneToTheInstance() {
        InstanceRow stopped = new InstanceRow(
                KEY,
                1,
                DefinitionId.parse("echo@1.0.0"),
                ARTIFACT,
                new TypeName("storage"),
                new Json(CONFIGURATION),
                7,
                null,
                Wanted.STOPPED,
                9,
                Instant.EPOCH,
                Instant.MAX);
        assertThat(Fingerprints.of(stopped, LINEAGE)).isEqualTo(of(KEY, 1, ARTIFACT, CONFIGURATION, LINEAGE));
    }

    @Test
    void nothingMatchesWhatIsUnknown() {
        assertThat(Fingerprints.unknown()).isNotEqualTo(Fingerprints.unknown());
    }

    private static InstanceKey key(String tenant, String environment, String instance) {
        return new InstanceKey(Scope.of(tenant, environment), new InstanceId(instance));
    }

    private static Digest of(InstanceKey key, long incarnation, Digest artifact, String configuration, String lineage) {
        InstanceRow row = new InstanceRow(
                key,
                incarnation,
                DefinitionId.parse("echo@1.0.0"),
                artifact,
                new TypeName("storage"),
                new Json(configuration),
                1,
                null,
                Wanted.RUNNING,
                1,
                Instant.EPOCH,
                Instant.EPOCH);
        return Fingerprints.of(row, lineage);
    }
}
