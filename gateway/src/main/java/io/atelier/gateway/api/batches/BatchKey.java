package io.atelier.gateway.api.batches;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobId;
import java.util.OptionalInt;

/** The id of a batch. The ids of its jobs are derived from it, and each job carries it in its labels, so there is no store of batches. */
public interface BatchKey {

    /** The id of the job at a place of the batch, from 0. */
    JobId job(int index);

    /** Whether a job with an id of the batch belongs to it. A client may have chosen the id; but only the gateway sets the labels. */
    boolean owns(Job job);

    /** The number of jobs in the batch, from the labels of one of them; empty if they were erased. */
    OptionalInt size(Job job);
}
