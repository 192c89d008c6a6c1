package io.maestro.provenance;

import io.maestro.api.provenance.ReceiptProblem;
import io.maestro.api.provenance.Receipts.Break;
import io.maestro.model.Actor;
import io.maestro.model.Json;
import io.maestro.model.Problem;
import io.maestro.provenance.JooqEnds.End;
import io.maestro.provenance.JooqEnds.Found.Broken;
import io.maestro.provenance.format.Checkpoint;
import io.maestro.store.Act;
import io.maestro.store.Database;
import io.maestro.store.Fact;
import io.maestro.store.Fact.Subject;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Chains that lost their ends, and people who accept it. */
final class JooqBreaks {
    private final Database database;
    private final JooqEnds ends;
    private final Vouchers vouchers;

    JooqBreaks(Database database, JooqEnds ends, Vouchers vouchers) {
        this.database = database;
        this.ends = ends;
        this.vouchers = vouchers;
    }

    /** Why nothing is sealed onto a chain; null when it is whole. */
    @Nullable
    String reason(String chain) {
        return database.asPlatform(sql -> ends.find(sql, chain)) instanceof Broken broken ? broken.reason() : null;
    }

    /** Has the chain go on behind the receipt that the caller takes for the last. */
    Break accept(String chain, long last, String reason, Actor actor) {
        return database.actAsPlatform(actor, sql -> {
            JooqSealing.lock(sql);
            if (!(ends.find(sql, chain) instanceof Broken broken)) {
                throw Problem.of(
                                ReceiptProblem.RECEIPT_CHAIN_WHOLE,
                                "the chain " + chain + " ends where it ended",
                                "There is nothing to accept. What else is wrong with it tells maestro receipts check.")
                        .asException();
            }
            if (broken.last() != last) {
                throw Problem.of(
                                ReceiptProblem.RECEIPT_CHAIN_CHANGED,
                                "the last receipt of the chain " + chain + " is " + broken.last() + ", not " + last,
                                "Look at the chain again: maestro receipts check.")
                        .asException();
            }
            ends.accept(sql, chain, broken.end());
            return Act.done(
                    new Break(chain, broken.reached(), last),
                    vouchers.vouched(
                            Fact.made(Checkpoint.ACCEPT, Subject.of(Checkpoint.SUBJECT, chain), json(broken, reason)),
                            actor));
        });
    }

    private static Json json(Broken broken, String reason) {
        End end = broken.end();
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("sequence", broken.last());
        members.put("hash", end == null ? null : end.hash());
        members.put("reached", broken.reached());
        members.put("defect", broken.reason());
        members.put("reason", reason);
        return Json.object(members);
    }
}
