package io.atelier.standalone.models.source;

import io.atelier.standalone.console.CommandFailed;
import io.atelier.standalone.models.transfer.TransferProgress;
import java.nio.file.Path;

/** Where a model comes from. For one thread. */
public interface ModelSource {

    /** The name of the model if the user gives none; not yet checked. */
    String suggestedName();

    /**
     * Finds out what the model consists of.
     *
     * @throws CommandFailed if the source cannot be used, or has no model that can run
     */
    ModelListing list();

    /** Whether the files of an earlier command that was stopped can be used. */
    boolean isResumable();

    /**
     * Brings a file of the listing to this machine.
     *
     * @param target the file to write; its folder may be missing
     * @throws CommandFailed if that fails
     */
    void transfer(SourceFile file, Path target, TransferProgress progress);
}
