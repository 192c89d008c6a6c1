package io.maestro.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import io.maestro.e2e.Api.Answer;
import io.maestro.testing.rest.Endpoint;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Looks for planted secrets in whatever the server shows and keeps: every answer that it is given, every GET of the OpenAPI
 * document for every thing that the lists name, every file of a folder, and every column of a database.
 */
final class Sweep {
    /** By which fields of a list's items the next path segment is found. */
    private static final List<String> NAMES = List.of("id", "name", "secret", "member", "principal", "key");

    /** What query parameters are given beside nonsense, which they may repeat. */
    private static final Map<String, List<String>> QUERIES = Map.of(
            "tenant", List.of("acme"),
            "environment", List.of("prod"),
            "newest", List.of("true"),
            "preReleases", List.of("true"),
            "order", List.of("ascending", "descending"),
            "sort", List.of("id", "-createdAt", "name"),
            "from", List.of("2020-01-01T00:00:00Z"),
            "until", List.of("2100-01-01T00:00:00Z"),
            "after", List.of("0"));

    private final Map<String, String> planted;
    private final Map<String, List<String>> known;
    private final Set<String> leaks = new TreeSet<>();
    private final Set<Endpoint> seen = new LinkedHashSet<>();

    /**
     * A sweep that has not begun.
     *
     * @param planted the secrets by what they are; those are looked for that it has at that moment
     * @param known values of parameters that no list tells
     */
    Sweep(Map<String, String> planted, Map<String, List<String>> known) {
        this.planted = Collections.unmodifiableMap(planted);
        this.known = Map.copyOf(known);
    }

    /** Where secrets were found: the place and what it was. */
    Set<String> leaks() {
        return leaks;
    }

    /** Endpoints that answered 200 at least once. */
    Set<Endpoint> seen() {
        return seen;
    }

    /** Asks every GET, for each of its pages and with each of its query parameters. */
    void crawl(Api api) {
        for (Endpoint endpoint : api.endpoints()) {
            if (endpoint.reads()) {
                Api asking = api.watchedBy((_, answer) -> look(endpoint.toString(), answer));
                for (String path : paths(asking, endpoint)) {
                    crawl(asking, endpoint, path);
                }
            }
        }
    }

    private void crawl(Api asking, Endpoint endpoint, String path) {
        List<Answer> pages = pages(asking, path);
        if (pages.getFirst().status() == 200) {
            seen.add(endpoint);
        }
        for (String query : endpoint.queries()) {
            for (String value : QUERIES.getOrDefault(query, List.of())) {
                asking.get(path + "?" + query + "=" + value);
            }
            // a page of one item shows a cursor
            asking.get(path + "?" + query + "=" + (query.equals("limit") ? "1" : "nonsense"));
        }
    }

    /** Reads every file. */
    void read(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                look(folder.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
    }

    /**
     * Reads every row of every table, whoever's it is: in the files long values stand compressed, where no look finds
     * them. The connection is the owner's, who lays down the forced row-level security for the time of the look.
     */
    void read(Connection owner) throws SQLException {
        owner.setAutoCommit(false);
        try (Statement statement = owner.createStatement()) {
            List<String> tables = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery("""
                    select format('%I.%I', schemaname, tablename) from pg_tables
                    where schemaname not in ('pg_catalog', 'information_schema')""")) {
                while (rows.next()) {
                    tables.add(rows.getString(1));
                }
            }
            for (String table : tables) {
                statement.execute("alter table " + table + " no force row level security");
                try (ResultSet rows = statement.executeQuery("select * from " + table)) {
                    while (rows.next()) {
                        lookAtRow(table, rows);
                    }
                }
                owner.rollback();
            }
        }
    }

    private void lookAtRow(String table, ResultSet row) throws SQLException {
        ResultSetMetaData columns = row.getMetaData();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            byte[] value;
            if (columns.getColumnType(i) == Types.BINARY) {
                value = row.getBytes(i);
            } else {
                String text = row.getString(i);
                value = text == null ? null : text.getBytes(StandardCharsets.UTF_8);
            }
            if (value != null) {
                look(table + "." + columns.getColumnName(i), value);
            }
        }
    }

    /** Looks at an answer, its headers included. */
    void look(String place, Answer answer) {
        look(place, answer.bytes());
        look(place, answer.headers().getBytes(StandardCharsets.UTF_8));
    }

    /** Looks at something that was shown. */
    void look(String place, byte[] shown) {
        String text = new String(shown, StandardCharsets.ISO_8859_1);
        planted.forEach((what, secret) -> {
            for (String form : forms(secret)) {
                if (text.contains(form)) {
                    leaks.add(place + ": " + what);
                }
            }
        });
    }

    /** As it is, and in the ways in which it would slip past a look for itself. */
    private static Set<String> forms(String secret) {
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        Set<String> forms = new LinkedHashSet<>();
        forms.add(secret);
        forms.add(HexFormat.of().formatHex(bytes));
        forms.add(HexFormat.of().withUpperCase().formatHex(bytes));
        // Three bytes are four characters, so what is encoded along with it decides between three forms.
        for (int before = 0; before < 3; before++) {
            byte[] shifted = new byte[before + bytes.length];
            System.arraycopy(bytes, 0, shifted, before, bytes.length);
            for (Base64.Encoder encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
                String base64 = encoder.withoutPadding().encodeToString(shifted);
                // without the characters at either end that hold bits of a neighbour
                int end = base64.length() - (shifted.length % 3 == 0 ? 0 : 1);
                forms.add(base64.substring(before == 0 ? 0 : before + 1, end));
            }
        }
        return forms;
    }

    /** A page and all after it. */
    private static List<Answer> pages(Api api, String path) {
        List<Answer> pages = new ArrayList<>();
        Answer page = api.get(path);
        pages.add(page);
        while (page.body().path("next").isTextual()) {
            page = api.get(path + "?cursor=" + page.body().path("next").asText());
            pages.add(page);
        }
        return pages;
    }

    private List<String> paths(Api api, Endpoint endpoint) {
        List<String> paths = List.of("");
        for (String segment : endpoint.path().substring(1).split("/", -1)) {
            List<String> longer = new ArrayList<>();
            for (String path : paths) {
                for (String value : values(api, path, segment)) {
                    longer.add(path + "/" + value);
                }
            }
            paths = longer;
        }
        return paths;
    }

    private List<String> values(Api api, String path, String segment) {
        if (!segment.startsWith("{")) {
            return List.of(segment);
        }
        String parameter = segment.substring(1, segment.length() - 1);
        List<String> given = known.get(parameter);
        if (given != null) {
            return given;
        }
        Set<String> found = new LinkedHashSet<>();
        for (Answer page : pages(api, path)) {
            for (JsonNode item : page.body().path("items")) {
                for (String name : NAMES) {
                    if (item.path(name).isTextual()) {
                        found.add(URLEncoder.encode(item.path(name).asText(), StandardCharsets.UTF_8));
                    }
                }
            }
        }
        return List.copyOf(found);
    }
}
