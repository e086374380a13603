/** To be imported before anything of `lib`: a look-up that has to renew the lease is made twice, and here they are counted. */
process.env.LEASE_SECONDS = "0";
