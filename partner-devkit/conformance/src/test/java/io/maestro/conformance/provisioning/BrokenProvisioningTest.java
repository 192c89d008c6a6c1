package io.maestro.conformance.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.conformance.KitPage;
import io.maestro.conformance.KitRun;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The kit catches every broken adapter, and the page of the kit tells by which test. */
final class BrokenProvisioningTest {
    @Test
    void soundAdapterIsNotCaughtInTheSameWay() {
        assertThat(KitRun.firstFailure(BrokenProvisioningRun.class, Map.of())).isEmpty();
    }

    @Test
    void everyBrokenAdapterIsCaughtAsThePageTells() throws IOException {
        Map<String, String> caught = new LinkedHashMap<>();
        for (BrokenDirectory broken : BrokenDirectory.values()) {
            caught.put(
                    broken.fault(),
                    KitRun.firstFailure(
                            BrokenProvisioningRun.class, Map.of(BrokenProvisioningRun.BROKEN, broken.name())));
        }
        assertThat(caught).hasSameSizeAs(BrokenDirectory.values()).hasSizeGreaterThanOrEqualTo(15);
        assertThat(Set.copyOf(caught.values()))
                .as("tests that catch; were it one for all, the run itself would be broken")
                .hasSizeGreaterThanOrEqualTo(15);
        assertThat(caught)
                .allSatisfy((fault, test) -> assertThat(test)
                        .as("an adapter that %s is caught", fault)
                        .isNotEmpty());
        KitPage.tells("provisioning-kit.md", "BrokenProvisioningTest", caught);
    }
}
