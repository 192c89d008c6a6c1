package io.maestro.conformance.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.conformance.KitPage;
import io.maestro.conformance.KitRun;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The kit catches every broken adapter, and the page of the kit tells by which test. */
final class BrokenProvisioningTest {
    @Test
    void soundAdapterIsNotCaughtInTheSameWay() {
        assertThat(KitRun.firstFailure(BrokenProvisioningRun.class, Map.of())).isEmpty();
    }

    @Test
    void everyBrokenAdapterIsCaughtAsThePageTells() throws IOException {
        Map<String, Map<String, String>> runs = new LinkedHashMap<>();
        for (BrokenDirectory broken : BrokenDirectory.values()) {
            runs.put(broken.fault(), Map.of(BrokenProvisioningRun.BROKEN, broken.name()));
        }
        assertThat(runs).hasSameSizeAs(BrokenDirectory.values());
        KitPage.tells("provisioning-kit.md", "BrokenProvisioningTest", BrokenProvisioningRun.class, runs);
    }
}
