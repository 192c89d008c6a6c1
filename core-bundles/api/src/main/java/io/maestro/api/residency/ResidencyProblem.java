package io.maestro.api.residency;

import static io.maestro.model.ProblemCategory.CALLER;
import static io.maestro.model.ProblemCategory.EXTERNAL;
import static io.maestro.model.ProblemCategory.POLICY_OR_LIMIT;

import io.maestro.model.ProblemCategory;
import io.maestro.model.ProblemCode;

/** What can go wrong with where data lies. */
public enum ResidencyProblem implements ProblemCode {
    /** No route leads from this region and kind to an instance. */
    STORAGE_ROUTE_UNKNOWN(CALLER, 404, "There is no such route"),
    /** The instance is of another type. */
    INSTANCE_STORES_NOTHING(CALLER, 400, "The instance is no storage"),
    /** An instance keeps data in one region, and this one does so in another. */
    INSTANCE_IN_OTHER_REGION(CALLER, 409, "The instance keeps data of another region"),
    /** An instance that keeps data is not deleted. */
    INSTANCE_KEEPS_DATA(CALLER, 409, "The instance keeps data"),
    /** The storage says that it is not where the data must stay. */
    DATA_REGION_MISMATCH(POLICY_OR_LIMIT, 403, "The storage is not where the data must stay"),
    /** There is no such item. */
    DATA_UNKNOWN(CALLER, 404, "There is no such item"),
    /** The item stays in another region. */
    DATA_IN_OTHER_REGION(CALLER, 409, "The item stays in another region"),
    /** The key breaks the rule for keys. */
    DATA_KEY_INVALID(CALLER, 400, "The key of the item is not valid"),
    /** What the storage has is not what was stored. */
    DATA_DAMAGED(EXTERNAL, 502, "The bytes are not those that were stored"),
    /** The write took so long that it was given up. */
    DATA_WRITE_GIVEN_UP(EXTERNAL, 503, "The write was given up"),
    /** There is no such transfer. */
    TRANSFER_UNKNOWN(CALLER, 404, "There is no such transfer"),
    /** A transfer from or to the instance is running. */
    TRANSFER_RUNNING(CALLER, 409, "A transfer of the instance is running"),
    /** The transfer is not in a state in which this can be done. */
    TRANSFER_ENDED(CALLER, 409, "The transfer has ended");

    private final ProblemCategory category;
    private final int status;
    private final String title;

    ResidencyProblem(ProblemCategory category, int status, String title) {
        this.category = category;
        this.status = status;
        this.title = title;
    }

    @Override
    public ProblemCategory category() {
        return category;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public String title() {
        return title;
    }
}
