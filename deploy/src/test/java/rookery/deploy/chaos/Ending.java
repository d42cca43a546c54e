package rookery.deploy.chaos;

/// What must be ended, whatever else happens; ending it twice does no harm.
interface Ending {
    void end() throws InterruptedException;
}
