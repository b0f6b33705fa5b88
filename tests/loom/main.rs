mod lost_update;
