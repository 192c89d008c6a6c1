package io.maestro.conformance.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.adapter.spi.provisioning.ListUsers;
import io.maestro.adapter.spi.provisioning.ProvisionedUser;
import io.maestro.adapter.spi.provisioning.ProvisioningProblem;
import io.maestro.adapter.spi.provisioning.UserList;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Users are found by id, by condition, and page by page. */
abstract class FindContract extends ProvisioningContract {
    FindContract(ProvisioningKit kit) {
        super(kit);
    }

    private UserList page(@Nullable Integer limit, @Nullable String cursor) {
        return directory().listUsers(call(), new ListUsers(null, null, limit, cursor));
    }

    private List<ProvisionedUser> created(int count) {
        return IntStream.range(0, count)
                .mapToObj(index -> create("user-" + index))
                .toList();
    }

    @Test
    void findsByUserNameAndByExternalId() {
        ProvisionedUser ada = create("ada");
        ProvisionedUser adam = create("adam");
        assertThat(found("ada", null)).containsExactly(ada);
        assertThat(found(null, "x-adam")).containsExactly(adam);
        assertThat(found("ada", "x-ada")).containsExactly(ada);
        assertThat(found("ada", "x-adam")).isEmpty();
        assertThat(found("nobody", null)).isEmpty();
        assertThat(found(null, "ada")).isEmpty();
    }

    @Test
    void conditionIsAValueAndNoFilter() {
        create("ada");
        create("bob");
        for (String value : List.of(
                "ada\" or userName eq \"bob",
                "nobody\" or userName pr or userName eq \"",
                "*",
                "%",
                "ada\\",
                "nobody) or (userName pr")) {
            assertThat(found(value, null)).as(value).isEmpty();
            assertThat(found(null, value)).as(value).isEmpty();
        }
    }

    @Test
    void pagesTogetherHaveEveryUserOnce() {
        List<ProvisionedUser> created = created(7);
        List<ProvisionedUser> listed = new ArrayList<>();
        String cursor = null;
        int pages = 0;
        do {
            UserList page = page(3, cursor);
            assertThat(page.users()).hasSizeBetween(1, 3);
            listed.addAll(page.users());
            cursor = page.next();
            pages++;
        } while (cursor != null && pages < 10);
        assertThat(listed).containsExactlyInAnyOrderElementsOf(created);
    }

    @Test
    void lastFullPageHasNoNext() {
        created(6);
        UserList first = page(3, null);
        assertThat(first.next()).isNotNull();
        UserList last = page(3, first.next());
        assertThat(last.users()).hasSize(3);
        assertThat(last.next()).isNull();
        assertThat(page(6, null).next()).isNull();
    }

    @Test
    void directoryWithoutUsersHasAnEmptyPage() {
        assertThat(page(null, null)).isEqualTo(new UserList(List.of(), null));
    }

    @Test
    void whatIsOutOfBoundsIsRefused() {
        for (ListUsers request : List.of(
                new ListUsers(null, null, 0, null),
                new ListUsers(null, null, 201, null),
                new ListUsers("", null, null, null),
                new ListUsers(null, "a\u0000", null, null),
                new ListUsers(null, null, null, "no cursor of this directory"))) {
            refused(
                    ProvisioningProblem.PROVISIONING_REQUEST_INVALID,
                    () -> directory().listUsers(call(), request));
        }
    }

    @Test
    void userThatIsNotThereIsNotFoundAndNamed() {
        create("ada");
        for (String id : List.of("no-such-user", "../Groups", "a/b?c#d", "..", ".", "ü 漢", "%2e%2e", "x-ada")) {
            assertThat(refused(ProvisioningProblem.PROVISIONING_USER_NOT_FOUND, () -> get(id))
                            .detail())
                    .contains(id);
        }
    }
}
