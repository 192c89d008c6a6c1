package io.maestro.conformance.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.adapter.spi.provisioning.ProvisionedUser;
import io.maestro.adapter.spi.provisioning.ProvisioningProblem;
import io.maestro.model.ProblemException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Conditional changes are done when the condition holds, and change nothing when it does not. */
abstract class ConditionContract extends ProvisioningContract {
    ConditionContract(ProvisioningKit kit) {
        super(kit);
    }

    private boolean etags() {
        return offers(ProvisioningFixture.Offer.ETAGS);
    }

    private static String etag(ProvisionedUser user) {
        return Objects.requireNonNull(user.etag(), "the directory offers ETags, and the user has none");
    }

    @Test
    void withoutEtagsThereIsNoneAndNoCondition() {
        ProvisionedUser ada = create("ada");
        if (etags()) {
            assertThat(ada.etag()).isNotNull();
            return;
        }
        assertThat(ada.etag()).isNull();
        refused(ProvisioningProblem.PROVISIONING_UNSUPPORTED, () -> replace(ada.id(), person("b"), "W/\"1\""));
        refused(ProvisioningProblem.PROVISIONING_UNSUPPORTED, () -> patch(ada.id(), "displayName", "b", "W/\"1\""));
        assertThat(get(ada.id())).isEqualTo(ada);
    }

    @Test
    void changesOnlyTheExpectedState() {
        if (!etags()) {
            return;
        }
        ProvisionedUser first = create("ada");
        assertThat(get(first.id()).etag()).isEqualTo(first.etag());
        ProvisionedUser second = patch(first.id(), "displayName", "Second", etag(first));
        assertThat(second.etag()).isNotEqualTo(first.etag());
        refused(
                ProvisioningProblem.PROVISIONING_PRECONDITION_FAILED,
                () -> patch(first.id(), "displayName", "Lost", etag(first)));
        refused(
                ProvisioningProblem.PROVISIONING_PRECONDITION_FAILED,
                () -> replace(first.id(), person("lost"), etag(first)));
        assertThat(get(first.id())).isEqualTo(second);
        ProvisionedUser third = replace(first.id(), person("third"), etag(second));
        assertThat(third.etag()).isNotIn(first.etag(), second.etag());
        assertThat(found("third", null).getFirst().etag()).isEqualTo(third.etag());
    }

    @Test
    void stateThatNeverWasIsNotTheState() {
        if (!etags()) {
            return;
        }
        ProvisionedUser ada = create("ada");
        for (String never : List.of("W/\"never\"", "never", "*x", "é 漢")) {
            refused(
                    ProvisioningProblem.PROVISIONING_PRECONDITION_FAILED,
                    () -> patch(ada.id(), "displayName", "Lost", never));
        }
        assertThat(get(ada.id())).isEqualTo(ada);
    }

    @Test
    void oneOfManyConditionalChangesWins() throws Exception {
        if (!etags()) {
            return;
        }
        for (int round = 0; round < 3; round++) {
            ProvisionedUser before = create("race-" + round);
            List<String> winners = new CopyOnWriteArrayList<>();
            Race.of(12, index -> {
                try {
                    patch(before.id(), "displayName", "winner " + index, etag(before));
                    winners.add("winner " + index);
                } catch (ProblemException lost) {
                    assertThat(lost.problem().code())
                            .isEqualTo(ProvisioningProblem.PROVISIONING_PRECONDITION_FAILED.code());
                }
            });
            assertThat(winners).hasSize(1);
            assertThat(get(before.id()).attributes().displayName()).isEqualTo(winners.getFirst());
        }
    }
}
