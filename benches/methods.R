# Times of R's packages on the files that `cargo bench --bench methods` writes; microseconds, the best of several calls.
# Rscript benches/methods.R
suppressMessages({library(geepack); library(mice); library(clubSandwich); library(brglm2)})
best <- function(work, calls) {
  work()
  min(sapply(1:5, function(turn) system.time(for (k in 1:calls) work())[["elapsed"]] / calls)) * 1e6
}
show <- function(time, name) cat(sprintf("  %12.1f us  %s\n", time, name))
for (n in c(128, 10000)) {
  d <- read.csv(sprintf("target/methods_%d.csv", n))
  calls <- if (n == 128) 20 else 1
  cat(n, "persons\n")
  show(best(function() geeglm(y ~ group + age + wave, id = id, family = binomial, corstr = "exchangeable", data = d), calls),
       "geepack: GEE, exchangeable, robust errors only")
  if (n == 128) show(best(function() {
    fit <- lm(score ~ group + age + wave, data = d)
    coef_test(fit, vcov = "CR2", cluster = d$id, coefs = "group", test = "Satterthwaite")
  }, 5), "clubSandwich: CR2 with Satterthwaite df of one coefficient")
  last <- subset(d, wave == 5)
  show(best(function() glm(y ~ group + age, family = binomial, data = last, method = "brglmFit", type = "AS_mean"), calls),
       "brglm2: Firth's coefficients and errors at wave 5, without profile limits")
  wide <- reshape(d[, c("id", "wave", "group", "age", "y")], idvar = c("id", "group", "age"), timevar = "wave", direction = "wide")
  w <- wide[, -1]
  for (k in 3:7) w[[k]] <- factor(w[[k]])
  show(best(function() mice(w, m = 20, maxit = 1, method = "logreg", printFlag = FALSE), 1),
       "mice: chained equations, m = 20, one sweep, without the analysis")
  long <- do.call(rbind, lapply(2:5, function(t) {
    before <- subset(d, wave == t - 1)
    data.frame(still = before$id %in% d$id[d$wave == t], y = before$y, group = before$group, wave = t)
  }))
  show(best(function() {
    fit <- glm(still ~ y + group + wave, family = binomial, data = long)
    p <- fitted(fit)
    weighted.mean(last$y, runif(nrow(last)))
  }, calls), "glm: the model of staying alone, without weights and errors")
}
