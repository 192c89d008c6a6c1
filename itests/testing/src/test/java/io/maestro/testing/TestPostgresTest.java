package io.maestro.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maestro.testing.TestPostgres.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class TestPostgresTest {
    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    @Test
    void isARecentPostgres() throws SQLException {
        try (Connection connection = POSTGRES.connect()) {
            assertThat(connection.getMetaData().getDatabaseMajorVersion()).isGreaterThanOrEqualTo(15);
            assertThat(POSTGRES.url()).contains("//127.0.0.1:").doesNotContain(":5432/");
        }
    }

    @Test
    void givesDatabasesThatDoNotSeeOneAnother() throws SQLException {
        TestDatabase other = TestPostgres.fresh();
        try (Connection mine = POSTGRES.connect();
                Connection theirs = other.connect();
                Statement create = mine.createStatement();
                Statement look = theirs.createStatement()) {
            create.execute("create table here (id int)");
            try (ResultSet found = look.executeQuery("select to_regclass('here') is null")) {
                assertThat(found.next()).isTrue();
                assertThat(found.getBoolean(1)).isTrue();
            }
        }
        TestPostgres.drop(other);
        assertThatThrownBy(other::connect).isInstanceOf(SQLException.class).hasMessageContaining("does not exist");
    }
}
