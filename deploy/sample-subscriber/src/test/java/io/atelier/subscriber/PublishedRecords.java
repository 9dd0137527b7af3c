package io.atelier.subscriber;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobId;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Writes down what it is told; can be made to fail at a job. */
class PublishedRecords implements JobListener {

    final List<String> successes = new CopyOnWriteArrayList<>();
    final List<String> erasures = new CopyOnWriteArrayList<>();

    @Override
    public void succeeded(Job job) {
        successes.add(job.id().value());
    }

    @Override
    public void erased(JobId job) {
        erasures.add(job.value());
    }
}
