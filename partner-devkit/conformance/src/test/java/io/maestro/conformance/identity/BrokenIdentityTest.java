package io.maestro.conformance.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.conformance.KitPage;
import io.maestro.conformance.KitRun;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The kit catches every broken adapter, and the page of the kit tells by which test. */
final class BrokenIdentityTest {
    @Test
    void soundAdapterIsNotCaughtInTheSameWay() {
        assertThat(KitRun.firstFailure(BrokenIdentityRun.class, Map.of())).isEmpty();
    }

    @Test
    void everyBrokenAdapterIsCaughtAsThePageTells() throws IOException {
        Map<String, Map<String, String>> runs = new LinkedHashMap<>();
        for (BrokenIdentity broken : BrokenIdentity.values()) {
            runs.put(broken.fault(), Map.of(BrokenIdentityRun.BROKEN, broken.name()));
        }
        assertThat(runs).hasSameSizeAs(BrokenIdentity.values());
        KitPage.tells("identity-kit.md", "BrokenIdentityTest", BrokenIdentityRun.class, runs);
    }
}
